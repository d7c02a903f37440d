function(image, tag="1") { pipeline: { name: "p" } }
