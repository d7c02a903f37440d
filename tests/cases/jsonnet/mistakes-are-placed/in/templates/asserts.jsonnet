function(tag)
  assert false : "no tag";
  {}
