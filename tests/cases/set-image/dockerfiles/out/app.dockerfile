FROM reg.example/a:2
