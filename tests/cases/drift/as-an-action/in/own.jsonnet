// a template
function(tag, src='images')
{
  pipeline: { name: 'edges-' + src },
  transform: { image: 'r.example/edges:' + tag, cmd: ['python', '/e.py'] },
  input: { pfs: { repo: src, glob: '/*' } },
}
