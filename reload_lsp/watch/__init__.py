"""Changes from outside the editor: file-system events in, batches of changed files out."""
