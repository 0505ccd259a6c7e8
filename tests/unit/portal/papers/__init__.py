"""The papers: fonts, renderer, seal, codes."""
