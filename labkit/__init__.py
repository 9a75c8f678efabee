"""The library under *From One File to a Fleet*: one module a layer, in the order the course meets them."""

__version__ = "0.1.0"
