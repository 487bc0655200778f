/** Loaded before a program: writes its peak resident memory, in KiB, to the file that PEAK_MEMORY names. */
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  if (process.env.PEAK_MEMORY)
    writeFileSync(`${process.env.PEAK_MEMORY}.${process.pid}`, String(process.resourceUsage().maxRSS));
});
