{ pipeline: { name: 'plain' }, transform: { image: 'r.example/plain:1', cmd: ['a'] }, input: { pfs: { repo: 'images', glob: '/*' } } }
