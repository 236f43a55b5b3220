import { Dialog } from '../../parts/dialog.tsx'
import { navigation } from '../navigation.ts'
import { t } from '../texts/catalogue.ts'

/** The list of keyboard shortcuts. */
export function KeyHelp({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  const { search, next, previous, open, help, goTo } = t.kit.keyList
  const keys: [string, string][] = [
    ['/', search],
    ['j', next],
    ['k', previous],
    ['Enter', open],
    ['?', help],
    ...navigation.flatMap(({ items }) => items.map(({ key, label }): [string, string] => [`g ${key}`, goTo(label)])),
  ]
  return (
    <Dialog title={t.kit.keys} isOpen={isOpen} onOpenChange={onOpenChange}>
      <dl className="key-list">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
