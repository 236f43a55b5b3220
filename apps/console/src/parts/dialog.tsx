import { Dialog as Base } from '@base-ui/react/dialog'
import { useRef, type ReactNode, type RefObject } from 'react'
import { t } from '../texts/catalogue.ts'

interface DialogProps {
  title: string
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  /** What gets the focus first; by default the first field, or else the button that closes it. */
  initialFocus?: RefObject<HTMLElement | null>
  isWide?: boolean
  /** Whether a call is underway. The dialog stays open until it can show the outcome. */
  isBusy?: boolean
  /** There is no way to close it other than what it asks for. */
  isFinal?: boolean
  children: ReactNode
}

const FIELDS = 'input:not([type="hidden"]), select, textarea'
/** A field with the focus would open a keyboard over half of the dialog. */
const isByFinger = () => window.matchMedia('(pointer: coarse)').matches

/** A window over the page. It keeps the focus inside, closes on Escape, and gives the focus back. */
export function Dialog({
  title,
  isOpen,
  onOpenChange,
  initialFocus,
  isWide = false,
  isBusy = false,
  isFinal = false,
  children,
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null)
  const firstField = () => popup.current?.querySelector<HTMLElement>(FIELDS) ?? true
  return (
    <Base.Root open={isOpen} onOpenChange={(next) => (next || !isBusy) && onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup
          ref={popup}
          className={isWide ? 'dialog dialog-wide' : 'dialog'}
          initialFocus={initialFocus ?? (() => isByFinger() || firstField())}
        >
          <Base.Title className="dialog-title">{title}</Base.Title>
          {!isFinal && (
            <Base.Close className="dialog-close" aria-label={t.parts.close} aria-disabled={isBusy}>
              ×
            </Base.Close>
          )}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
