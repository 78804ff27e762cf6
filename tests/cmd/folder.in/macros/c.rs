soon
