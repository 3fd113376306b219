/** A page for anybody with a link: plain HTML, read on a phone first, whole without any script. `body` is HTML already. */
export function plainPage(title: string, body: string, robots: 'all' | 'none' = 'none'): string {
  return `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="${robots}">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/p/style.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`)
}
