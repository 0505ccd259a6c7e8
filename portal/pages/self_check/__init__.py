"""The self-check: may the study hold my data? It asks, answers, and keeps nothing."""
