import { join } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  root: join(import.meta.dirname, "page"),
  logLevel: "warn",
  build: { outDir: "../dist", emptyOutDir: true, target: "esnext", minify: false, chunkSizeWarningLimit: 100_000 },
  worker: { format: "es" },
});
