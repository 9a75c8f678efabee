"""What training imports lies in ``models/``, which is no package: a script finds its neighbours there."""

import sys
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2] / "models"
sys.path.insert(0, str(MODELS))
