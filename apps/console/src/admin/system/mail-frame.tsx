import { useEffect, useRef } from 'react'

interface MailFrameProps {
  /** Names the frame for screen readers. */
  title: string
  html: string
  scheme: 'light' | 'dark'
}

/**
 * Shows a mail's HTML in a frame of its own, so that its styles don't meet the page's.
 *
 * The frame runs no script (`sandbox`), and it inherits the page's policy (CSP), which allows no inline styles. Mails
 * have hardly any other styles. So they are set through the CSSOM, which the policy allows to this script alone.
 */
export function MailFrame({ title, html, scheme }: MailFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const write = () => show(element, html, scheme)
    write()
    // Firefox replaces the first empty document when it has loaded.
    element.addEventListener('load', write)
    // At another width, its lines break elsewhere.
    const refit = () => fit(element)
    window.addEventListener('resize', refit)
    return () => {
      element.removeEventListener('load', write)
      window.removeEventListener('resize', refit)
    }
  }, [html, scheme])
  return <iframe ref={frame} title={title} className="mail-frame" data-scheme={scheme} sandbox="allow-same-origin" />
}

/** Hides the styles from the parser, which would refuse them, and say so in the browser's console. */
const withoutStyles = (html: string) =>
  html
    .replaceAll(/\sstyle="/g, ' data-style="')
    .replaceAll(/<style\b/g, '<template data-sheet')
    .replaceAll('</style>', '</template>')

function show(frame: HTMLIFrameElement, html: string, scheme: MailFrameProps['scheme']): void {
  const inner = frame.contentDocument
  if (!inner) return
  const mail = new DOMParser().parseFromString(withoutStyles(html), 'text/html')
  const sheets = [...mail.querySelectorAll<HTMLTemplateElement>('template[data-sheet]')]
  for (const element of [...sheets, ...mail.querySelectorAll('script, link, meta, base')]) element.remove()

  inner.replaceChild(inner.importNode(mail.documentElement, true), inner.documentElement)
  for (const element of inner.querySelectorAll<HTMLElement>('[data-style]')) {
    element.style.cssText = element.dataset['style'] ?? ''
  }
  inner.adoptedStyleSheets = sheets.flatMap((sheet) => sheetOf(inner, sheet, scheme) ?? [])
  // Its links lead nowhere, so a click must not replace the mail.
  inner.addEventListener('click', (event) => event.preventDefault())
  fit(frame)
}

/** As high as the mail: it does not scroll in its frame. */
function fit(frame: HTMLIFrameElement): void {
  frame.style.height = '' // or a lower mail would seem as high as its frame
  frame.style.height = `${frame.contentDocument?.documentElement.scrollHeight ?? 0}px`
}

/** A sheet belongs to the document of its window. */
function sheetOf(
  inner: Document,
  template: HTMLTemplateElement,
  scheme: MailFrameProps['scheme'],
): CSSStyleSheet | null {
  const Sheet = inner.defaultView?.CSSStyleSheet
  if (!Sheet) return null
  const sheet = new Sheet({ media: template.getAttribute('media') ?? '' })
  // Browsers tell a frame the reader's scheme, and not the one that is chosen here.
  const whenDark = scheme === 'dark' ? 'all' : 'not all'
  sheet.replaceSync(template.content.textContent.replaceAll('(prefers-color-scheme: dark)', whenDark))
  return sheet
}
