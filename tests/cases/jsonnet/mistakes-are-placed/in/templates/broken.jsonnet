function(tag) { pipeline: { name: tag + missing } }
