"""Words for the codes and facts that the rules return, in the active language."""
