/**
 * Builds the islands of interaction, one self-contained file per entry with a stable name.
 *
 * Django's manifest storage adds the hashes. It does not rewrite imports between scripts, so no
 * entry may share a chunk with another: each is built alone, `vite build --mode ENTRY`.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const ENTRIES: Record<string, string> = {
  theme: 'registry/islands/theme.ts',
  app: 'registry/islands/app.ts',
  charts: 'registry/islands/charts.ts',
  upload: 'imaging/viewer/upload.ts',
  slices: 'imaging/viewer/slices.ts',
  viewer: 'imaging/viewer/reading_viewer.ts',
  reading: 'registry/islands/reading.ts',
  adjudication: 'registry/islands/adjudication.ts',
};
const GLYPHS = 'registry/islands/glyphs';
const EXEMPLARS = 'registry/islands/exemplars';

/** What each finding looks like, drawn from the phantom by imaging/dicom/exemplars.py. */
function exemplars(): Plugin {
  return {
    name: 'exemplars',
    generateBundle() {
      for (const name of readdirSync(EXEMPLARS)) {
        const source = readFileSync(join(EXEMPLARS, name));
        this.emitFile({ type: 'asset', fileName: `crescent/exemplars/${name}`, source });
      }
    },
  };
}

/** Every glyph as its own file and all of them as one sprite, `glyphs.svg#NAME`. */
function glyphs(): Plugin {
  return {
    name: 'glyphs',
    generateBundle() {
      const symbols = readdirSync(GLYPHS)
        .filter((name) => name.endsWith('.svg'))
        .sort()
        .map((file) => {
          const source = readFileSync(join(GLYPHS, file), 'utf8');
          const name = basename(file, '.svg');
          this.emitFile({ type: 'asset', fileName: `crescent/glyphs/${file}`, source });
          if (name === 'mark') {
            this.emitFile({ type: 'asset', fileName: 'crescent/favicon.svg', source });
          }
          const drawing = source.replace(/<svg[^>]*>|<\/svg>/g, '').trim();
          return `<symbol id="${name}" viewBox="0 0 16 16">${drawing}</symbol>`;
        });
      this.emitFile({
        type: 'asset',
        fileName: 'crescent/glyphs.svg',
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('\n')}</svg>\n`,
      });
    },
  };
}

export default defineConfig(({ mode }) => {
  const entry = ENTRIES[mode];
  if (entry === undefined) return { test: { include: ['tests/unit/**/*.test.ts'] } };
  return {
    base: './',
    publicDir: false,
    logLevel: 'warn',
    plugins: mode === 'app' ? [glyphs(), exemplars()] : [],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: 'build/islands',
      emptyOutDir: false,
      target: 'es2022',
      sourcemap: false,
      assetsInlineLimit: 0,
      cssCodeSplit: true,
      modulePreload: false,
      chunkSizeWarningLimit: 2000,
      reportCompressedSize: false,
      rolldownOptions: {
        // htmx carries an eval that its configuration switches off (registry/islands/htmx.ts).
        checks: { eval: false },
        input: { [mode]: entry },
        output: {
          format: mode === 'theme' ? 'iife' : 'es',
          codeSplitting: false,
          entryFileNames: 'crescent/[name].js',
          assetFileNames: 'crescent/[name][extname]',
        },
      },
    },
  };
});
