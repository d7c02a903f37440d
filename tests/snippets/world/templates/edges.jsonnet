function(tag, src='images')
{
  pipeline: { name: 'edges-' + src },
  transform: { image: 'registry.example/team/edges:' + tag, cmd: ['python3', '/edges.py'] },
  input: { pfs: { repo: src, glob: '/*' } },
}
