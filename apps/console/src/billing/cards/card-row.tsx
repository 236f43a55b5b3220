import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { BusyButton } from '../../parts/busy-button.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Problem } from '../../parts/problem.tsx'
import { t } from '../../texts/catalogue.ts'
import { useKeepCards, type Card } from './use-cards.ts'

interface CardRowProps {
  card: Card
  isOnly: boolean
  /** Called with a short message about what was done. */
  onDone: (what: string) => void
}

/** A card, and what the customer can do with it. The card that is charged can't be removed; the row says why. */
export function CardRow({ card, isOnly, onDone }: CardRowProps) {
  const words = t.cards
  const name = nameOf(card)
  const id = useId()
  return (
    <li className="card-row" aria-labelledby={id}>
      <div>
        <p className="card-name" id={id}>
          <strong>{name}</strong>
          {card.isPrimary && <Badge tone="good" label={words.primary} />}
        </p>
        {card.isPrimary && <p className="quiet">{isOnly ? words.only : words.charged}</p>}
      </div>
      {!card.isPrimary && (
        <div className="actions">
          <MakePrimary card={card} name={name} onDone={() => onDone(words.isPrimary(name))} />
          <RemoveCard card={card} name={name} onDone={() => onDone(words.removed(name))} />
        </div>
      )}
    </li>
  )
}

function nameOf({ brand, last4 }: Card): string {
  const { brands, card } = t.billing.method
  const name = brands[brand ?? ''] ?? brand ?? t.cards.card
  return last4 ? card(name, last4) : name
}

interface ActionProps {
  card: Card
  name: string
  onDone: () => void
}

function MakePrimary({ card, name, onDone }: ActionProps) {
  const account = useAccountInput()
  const words = t.cards
  const change = useMutation(trpc.billing.cards.makePrimary.mutationOptions(useKeepCards()))
  return (
    <>
      <BusyButton
        quiet
        busy={change.isPending}
        aria-label={words.makePrimaryFully(name)}
        onClick={() => change.mutate({ ...account, cardId: card.id }, { onSuccess: onDone })}
      >
        {words.makePrimary}
      </BusyButton>
      {change.error && (
        <p role="alert">
          <Problem error={change.error} />
        </p>
      )}
    </>
  )
}

function RemoveCard({ card, name, onDone }: ActionProps) {
  const account = useAccountInput()
  const words = t.cards
  const removal = useMutation(trpc.billing.cards.remove.mutationOptions(useKeepCards()))
  return (
    <Confirm
      open={words.remove}
      openFully={words.removeFully(name)}
      question={words.removeQuestion}
      consequences={[words.removeMeans(name)]}
      yes={words.removeYes}
      no={words.removeNo}
      busy={removal.isPending}
      error={removal.error}
      onClose={removal.reset}
      onYes={(close) =>
        removal.mutate(
          { ...account, cardId: card.id },
          {
            onSuccess: () => {
              close()
              onDone()
            },
          },
        )
      }
    />
  )
}
