function(tag) { tag: tag }
