/** pdfmake 0.3 ships no types; only what document-worker.ts uses. */
declare module 'pdfmake' {
  interface PdfMaker {
    setFonts(fonts: Record<string, Record<string, string>>): void
    setUrlAccessPolicy(allow: (url: string) => boolean): void
    setLocalAccessPolicy(allow: (path: string) => boolean): void
    createPdf(definition: Record<string, unknown>): { getBuffer(): Promise<Uint8Array> }
  }
  const maker: PdfMaker
  export = maker
}
declare module 'pdfmake/fonts/Roboto.js' {
  const fonts: Record<string, Record<string, string>>
  export = fonts
}
