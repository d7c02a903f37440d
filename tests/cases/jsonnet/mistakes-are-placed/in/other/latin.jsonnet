{ a: "café" }
