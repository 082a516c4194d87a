"""What single libraries need so that edits of programs built on them follow. One library a file."""
