/** Lower case, no marks, đ as d: "Đường Lạch Tray" → "duong lach tray". No tokenizer of SQLite folds đ. */
export function foldVietnamese(text: string): string {
  return stripMarks(text).toLowerCase()
}

/** Keeps case and everything else: "Điện Biên Phủ" → "Dien Bien Phu". */
export function stripMarks(text: string): string {
  // Codes, numbers and links have none; taking text apart and putting it together again is dear.
  if (!/[^ -~\n\t]/.test(text)) return text
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').normalize('NFC')
}
