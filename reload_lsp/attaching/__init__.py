"""The agent put into a program that runs already, by its process id: what can be done, and why where it cannot."""
