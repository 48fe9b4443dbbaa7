"""Packages of the project, one app per concern; see the graph in README.md."""
