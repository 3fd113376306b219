/** write-excel-file's own types are those of three platforms at once; only what document-worker.ts uses. */
declare module 'write-excel-file/node' {
  interface TextCell {
    readonly value: string
    readonly type: StringConstructor
    readonly wrap: boolean
    readonly alignVertical: string
    readonly fontWeight?: string
  }
  interface SheetOfText {
    readonly sheet: string
    readonly columns: readonly { readonly width: number }[]
    readonly stickyRowsCount: number
    readonly orientation: string
    readonly data: readonly (readonly TextCell[])[]
  }
  const writeExcelFile: (sheets: readonly SheetOfText[]) => { toBuffer(): Promise<Uint8Array> }
  export { writeExcelFile as default }
}
