import type { ButtonHTMLAttributes } from 'react'

interface BusyButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  busy: boolean
  quiet?: boolean
}

/** A button that ignores clicks while it is busy. It keeps the focus, which `disabled` would lose. */
export function BusyButton({ busy, quiet = false, onClick, type = 'button', ...rest }: BusyButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={quiet ? 'button button-quiet' : 'button'}
      aria-disabled={busy || rest.disabled}
      aria-busy={busy}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    />
  )
}
