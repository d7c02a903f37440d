(import "lib.libsonnet") + {}
