"""What anybody may read of the city, without a log-in, a cookie or a script: pages, feeds, pictures."""
