"""A notebook that nbval has run and found right becomes a page of the book with the outputs of that run.

With ``--book-cache FOLDER``, which the Makefile gives, a notebook of the book whose cells have all passed is kept where
Jupyter Book looks for executed notebooks; one that is there already, unchanged, is not run a second time. Without the
option nbval runs whatever it is told to run.
"""

from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbval.plugin import IPyNbCell, IPyNbFile


def pytest_addoption(parser: pytest.Parser) -> None:
    """Called by pytest."""
    parser.addoption("--book-cache", type=Path, help="keep notebooks that pass here, as pages of the book")


def pytest_configure(config: pytest.Config) -> None:
    """Called by pytest."""
    if config.option.book_cache:
        config.pluginmanager.register(Pages(config.rootpath / "notebooks", get_cache(config.option.book_cache)))


class Pages:
    """What to run for the book, and the outputs of what has run.

    Args:
        folder: The book's notebooks.
        cache: Those of them that have been run.
    """

    def __init__(self, folder: Path, cache: JupyterCacheAbstract) -> None:
        self._folder, self._cache = folder, cache
        self._passed: dict[IPyNbFile, list[IPyNbCell]] = defaultdict(list)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out the notebooks that the cache holds."""
        held = {file for file in {item.parent for item in items if self._is_page(item)} if self._holds(file)}
        config.hook.pytest_deselected(items=[item for item in items if item.parent in held])
        items[:] = [item for item in items if item.parent not in held]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo
    ) -> Iterator[None, pytest.TestReport, pytest.TestReport]:
        """Keep a notebook once its last cell has passed."""
        report = yield
        if self._is_page(item) and call.when == "call" and report.passed:
            self._passed[item.parent].append(item)
            self._keep(item.parent)
        return report

    def _is_page(self, item: pytest.Item) -> bool:
        return isinstance(item, IPyNbCell) and item.parent.path.parent == self._folder

    def _holds(self, file: IPyNbFile) -> bool:
        try:
            self._cache.match_cache_notebook(file.nb)
        except KeyError:
            return False
        return True

    def _keep(self, file: IPyNbFile) -> None:
        run: nbformat.NotebookNode = deepcopy(file.nb)
        cells = [cell for cell in run.cells if cell.cell_type == "code"]
        passed = self._passed[file]
        if len(passed) < len(cells):
            return
        for count, (cell, ran) in enumerate(zip(cells, passed, strict=True), start=1):
            cell.outputs, cell.execution_count = ran.test_outputs, count
        self._cache.cache_notebook_bundle(CacheBundleIn(run, str(file.path)), overwrite=True)
