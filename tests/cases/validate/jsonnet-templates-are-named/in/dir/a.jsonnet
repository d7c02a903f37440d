function(tag) {}
