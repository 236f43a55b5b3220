/** What a template says, before it has a look. */
export interface Letter {
  readonly subject: string
  readonly greeting: string
  readonly paragraphs: readonly string[]
  readonly action?: { readonly label: string; readonly url: string }
  /** Small print below the button. */
  readonly note?: string
}

/** One letter as HTML and as plain text. */
export function render(letter: Letter): { subject: string; html: string; text: string } {
  return { subject: letter.subject, html: renderHtml(letter), text: renderText(letter) }
}

function renderText({ greeting, paragraphs, action, note }: Letter): string {
  const parts = [greeting, ...paragraphs]
  if (action) parts.push(`${action.label}:\n${action.url}`)
  if (note) parts.push(note)
  return `${parts.join('\n\n')}\n`
}

const BODY =
  'margin:0;padding:24px 12px;background:#f4f5f7;font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif;color:#1c2430'
const CARD =
  'max-width:560px;margin:0 auto;background:#ffffff;border:1px solid #e2e5ea;border-radius:10px;padding:28px 32px'
const BUTTON =
  'display:inline-block;background:#1f5eff;color:#ffffff;text-decoration:none;font-weight:600;padding:11px 22px;border-radius:8px'
const SMALL = 'font-size:13px;color:#5b6472;word-break:break-word'

function renderHtml({ subject, greeting, paragraphs, action, note }: Letter): string {
  const body = [greeting, ...paragraphs].map((line) => `<p style="margin:0 0 16px">${escapeHtml(line)}</p>`)
  if (action) {
    const url = escapeHtml(action.url)
    body.push(`<p style="margin:24px 0"><a href="${url}" style="${BUTTON}">${escapeHtml(action.label)}</a></p>`)
    body.push(`<p style="${SMALL}">If the button does not work, open this address:<br><a href="${url}">${url}</a></p>`)
  }
  if (note) body.push(`<p style="${SMALL}">${escapeHtml(note)}</p>`)

  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="${BODY}"><div style="${CARD}">
${body.join('\n')}
</div></body>
</html>
`
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)
}
