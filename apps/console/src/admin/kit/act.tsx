import { useMutation, useQuery } from '@tanstack/react-query'
import { isTollgateError, type Reason } from '@tollgate/client'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { queryClient, trpc } from '../../api.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Form } from '../../parts/form.tsx'
import { Notice } from '../../parts/notice.tsx'
import { notify } from '../../parts/notify.ts'
import { t } from '../texts/catalogue.ts'
import { operatorsProblem, problemText, showable } from './act-problem.ts'
import { Secret, type SecretProps } from './secret.tsx'
import { Stale, type News } from './stale.tsx'

/** Reads a field of the form. */
export type ReadField = (field: string) => string

/** How long to wait after the last change of the form before the consequences are asked again, in milliseconds. */
const CHANGE_PAUSE_MS = 300

interface ActProps<Result, Seen> {
  /** The button's label, with an ellipsis. */
  open: string
  /** Names the button for screen readers, if its label is not enough. */
  openFully?: string
  title: string
  /** What happens, one sentence each. It is asked when the dialog opens, when the form changes, and for a stale preview. */
  consequences: (read: ReadField, seen: Seen) => Promise<readonly string[]> | readonly string[]
  confirm: string
  /** Carries it out, with the fields whose consequences are shown. It never runs without them. */
  run: (read: ReadField, seen: Seen) => Promise<Result>
  /** What to say when it has worked. */
  done: string
  tone?: 'bad'
  /** Reasons that concern a single field. Their message appears beside it. */
  fieldOf?: Partial<Record<Reason, string>>
  /** The fields of the form. */
  children?: ReactNode | ((seen: Seen) => ReactNode)
  onDone?: () => void
  /** A secret in the result. The dialog shows it, and closes only when the operator says that they have it. */
  secretOf?: (result: Result) => Omit<SecretProps, 'onDone'>
}

/** A button for an act of an operator. Its dialog shows the consequences first. */
export const Act = <Result,>(props: ActProps<Result, null>) => <ActOn {...props} seen={null} />

interface ActOnProps<Result, Seen> extends ActProps<Result, Seen> {
  /** What the act changes, as the page shows it now. The open dialog keeps it, whatever the page loads meanwhile. */
  seen: Seen
  /** What someone else has changed meanwhile, for an act that is refused because of it. */
  news?: News<Seen>
}

/** The same for an act on something that two operators can change at once. */
export function ActOn<Result, Seen>(props: ActOnProps<Result, Seen>) {
  const [isOpen, setIsOpen] = useState(false)
  const [opened, setOpened] = useState({ seen: props.seen, times: 0 })
  const openWith = (seen: Seen) => setOpened(({ times }) => ({ seen, times: times + 1 }))
  const [isActing, setIsActing] = useState(false)
  const [secret, setSecret] = useState<Omit<SecretProps, 'onDone'> | null>(null)
  const close = () => {
    setIsOpen(false)
    setSecret(null)
  }
  return (
    <>
      <button
        type="button"
        className="button button-quiet button-small"
        aria-label={props.openFully}
        onClick={() => {
          openWith(props.seen)
          setIsOpen(true)
        }}
      >
        {props.open}
      </button>
      <Dialog
        title={secret ? secret.title : props.title}
        isOpen={isOpen}
        onOpenChange={(next) => secret === null && setIsOpen(next)}
        isBusy={isActing}
        isFinal={secret !== null}
      >
        {secret ? (
          <Secret {...secret} onDone={close} />
        ) : (
          <ActForm
            key={opened.times}
            {...props}
            seen={opened.seen}
            reload={openWith}
            close={close}
            setIsActing={setIsActing}
            showSecret={setSecret}
          />
        )}
      </Dialog>
    </>
  )
}

interface ActFormProps<Result, Seen> extends ActOnProps<Result, Seen> {
  /** Starts over with what is there now. */
  reload: (seen: Seen) => void
  close: () => void
  /** Keeps the dialog open while the act runs, because its outcome is shown there. */
  setIsActing: (isActing: boolean) => void
  showSecret: (secret: Omit<SecretProps, 'onDone'>) => void
}

function ActForm<Result, Seen>(props: ActFormProps<Result, Seen>) {
  const {
    seen,
    news,
    reload,
    consequences,
    confirm,
    run,
    done,
    tone,
    fieldOf,
    children,
    onDone,
    secretOf,
    close,
    setIsActing,
    showSecret,
  } = props
  const id = useId()
  const { frame, fields, isChanging } = useFormFields()
  const readShown: ReadField = (field) => fields?.[field] ?? ''
  const effects = useQuery({
    queryKey: ['act', id, fields],
    queryFn: async () => consequences(readShown, seen),
    enabled: fields !== null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
  const act = useMutation({
    mutationFn: () =>
      run(readShown, seen).catch((error: unknown) => {
        throw showable(error, fields ?? {})
      }),
    gcTime: 0,
    onMutate: () => setIsActing(true),
    onError: () => setIsActing(false),
    async onSuccess(result) {
      setIsActing(false)
      if (secretOf) showSecret(secretOf(result))
      else close()
      notify(done)
      onDone?.()
      // Plans are read as customers see them, too.
      await Promise.all([
        queryClient.invalidateQueries(trpc.admin.pathFilter()),
        queryClient.invalidateQueries(trpc.billing.pathFilter()),
      ])
    },
  })
  // Enter submits a form with a single field even if its button is disabled or missing.
  const isStale = [effects.error, act.error].some((error) => isTollgateError(error, 'REVISION_STALE'))
  const isReady = !act.isPending && !isChanging && effects.isSuccess && !effects.isFetching
  const carryOut = () => {
    if (!isReady) return
    act.mutate(undefined, {
      onError(error) {
        if (isTollgateError(error, 'PREVIEW_STALE')) void effects.refetch()
      },
    })
  }
  return (
    <div ref={frame} className="act">
      <Form
        submit={effects.isError || isStale ? null : confirm}
        tone={tone}
        busy={!isReady}
        error={isStale ? null : act.error}
        problem={operatorsProblem}
        fieldOf={fieldOf}
        onSubmit={carryOut}
      >
        {typeof children === 'function' ? children(seen) : children}
        <div className="act-effects" aria-live="polite">
          {isStale && news ? (
            <Stale seen={seen} news={news} reload={reload} />
          ) : effects.isError ? (
            <Notice tone="bad">{problemText(effects.error)}</Notice>
          ) : (
            <ul className="bullets">
              {(effects.data ?? [t.kit.checking]).map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          )}
        </div>
      </Form>
      <button
        type="button"
        className="button button-quiet"
        aria-disabled={act.isPending}
        onClick={() => !act.isPending && close()}
      >
        {t.kit.cancel}
      </button>
    </div>
  )
}

/**
 * The fields of the form inside `frame`, a moment after their last change; null before the first look. In between, they
 * are changing.
 */
function useFormFields() {
  const frame = useRef<HTMLDivElement>(null)
  const [fields, setFields] = useState<Readonly<Record<string, string>> | null>(null)
  const [isChanging, setIsChanging] = useState(false)
  useEffect(() => {
    const form = frame.current?.querySelector('form')
    if (!form) return
    const look = () => {
      setFields(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, textOf(value)])))
      setIsChanging(false)
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    const onInput = () => {
      setIsChanging(true)
      clearTimeout(timer)
      timer = setTimeout(look, CHANGE_PAUSE_MS)
    }
    look()
    form.addEventListener('input', onInput)
    return () => {
      clearTimeout(timer)
      form.removeEventListener('input', onInput)
    }
  }, [])
  return { frame, fields, isChanging }
}

const textOf = (value: FormDataEntryValue) => (typeof value === 'string' ? value : '')
