import { useState } from 'react'
import { Segments } from '../../parts/segments.tsx'
import { t } from '../texts/catalogue.ts'
import { MailFrame } from './mail-frame.tsx'

const words = t.system.mails

type Look = 'light' | 'dark' | 'text'

interface MailPreviewProps {
  subject: string
  html: string
  text: string
}

/** A mail as its reader sees it: light, dark, or as plain text. */
export function MailPreview({ subject, html, text }: MailPreviewProps) {
  const [look, setLook] = useState<Look>('light')
  return (
    <div className="mail-preview">
      <div className="mail-preview-head">
        <p>
          <span className="quiet">{words.subject}</span> <strong>{subject}</strong>
        </p>
        <Segments
          label={words.format}
          value={look}
          options={[
            { value: 'light', label: words.light },
            { value: 'dark', label: words.dark },
            { value: 'text', label: words.text },
          ]}
          onChange={setLook}
        />
      </div>
      {look === 'text' ? (
        <pre className="mail-text">{text}</pre>
      ) : (
        <MailFrame title={subject} html={html} scheme={look} />
      )}
    </div>
  )
}
