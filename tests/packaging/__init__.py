"""The package as others receive it."""
