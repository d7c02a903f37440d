function(tag, password='x') [
  { pipeline: { name: n }, transform: { image: 'r.example/x:' + tag, imge: 1 }, input: { pfs: { repo: 'images', glob: '/*' } } }
  for n in ['a', 'b']
]
