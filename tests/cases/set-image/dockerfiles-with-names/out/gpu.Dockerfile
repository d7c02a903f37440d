FROM reg.example/a:2 AS x
FROM x
