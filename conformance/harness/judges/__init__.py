"""What every call and every exchange is held against."""
