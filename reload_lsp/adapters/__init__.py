"""What frameworks need to follow a reload, one library a file."""
