"""The pages: `make docs` builds them with warnings as errors; nothing is loaded from elsewhere."""

from __future__ import annotations

import os

from gazetteer import __version__

os.environ["COLUMNS"] = "100"  # help texts wrap alike wherever the pages are built

project = "gazetteer"
version = release = __version__
copyright = "the gazetteer maintainers"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_click",
]
include_patterns = ["index.md", "docs/**.md", "benchmarks/*.md"]
root_doc = "docs/index"
exclude_patterns = ["benchmarks/README.md"]
html_theme = "furo"
html_title = "gazetteer 地名与区划工具箱"
html_search_language = "zh"
myst_heading_anchors = 4
napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
html_show_sphinx = False
smartquotes = False  # options are written with two hyphens
