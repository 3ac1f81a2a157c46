/** Benchmarks come here. */
process.stdout.write("no benchmarks yet\n");
