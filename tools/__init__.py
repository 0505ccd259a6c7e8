"""The project's own tools: what the Makefile and .ci/run call."""
