import { Toast } from '@base-ui/react/toast'
import { useEffect, useSyncExternalStore } from 'react'
import { t } from '../texts/catalogue.ts'
import { waitingToasts } from './notify.ts'

/** Shows messages above the page, each for some seconds. */
export function Toasts() {
  return (
    <Toast.Provider>
      <Toast.Portal>
        <Toast.Viewport className="toasts" aria-label={t.parts.notifications}>
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList() {
  const { toasts, add } = Toast.useToastManager()
  const waiting = useSyncExternalStore(waitingToasts.watch, waitingToasts.read)

  useEffect(() => {
    for (const title of waitingToasts.take()) add({ title })
  }, [waiting, add])

  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast">
      <Toast.Content className="toast-content">
        <Toast.Title render={<p />} />
        <Toast.Close className="toast-close" aria-label={t.parts.close}>
          ×
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
