import { registerHooks } from 'node:module'

/** Packages whose own files are ES modules throughout. */
const PACKAGES = ['drizzle-orm', 'typebox', 'libphonenumber-js']

/**
 * Tells Node the place and format of modules it would look up on disk; call it before the first import of a package.
 * Node reads and parses the nearest package.json again for every file of a package (Node 24.21, package_json_reader.js
 * getPackageScopeConfig). That of drizzle-orm has 180 kB: its 130 files took 1.7 s and 200 MB, now 0.1 s and 14 MB.
 */
export function hastenImports(): void {
  const marks = PACKAGES.map((name) => `/node_modules/${name}/`)
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const parent = context.parentURL
      const isKnown =
        specifier.startsWith('.') &&
        parent !== undefined &&
        /\.m?js$/.test(specifier) &&
        /\.m?js$/.test(parent) &&
        marks.some((mark) => parent.includes(mark))
      if (!isKnown) return nextResolve(specifier, context)
      return { url: new URL(specifier, parent).href, format: 'module', shortCircuit: true }
    },
  })
}
