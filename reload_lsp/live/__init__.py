"""The running interpreter: what is loaded, how it is patched, run, rolled back and audited."""
