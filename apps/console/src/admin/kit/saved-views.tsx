import { useState, useSyncExternalStore } from 'react'
import { useLocation } from 'react-router'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { Menu, MenuGroup, MenuItem, MenuLink } from '../../parts/menu.tsx'
import { notify } from '../../parts/notify.ts'
import { t } from '../texts/catalogue.ts'
import { viewsOf } from './view-store.ts'

/** A menu of the views that the operator has saved for this list: its filters, by a name. */
export function SavedViews({ list }: { list: string }) {
  const [isSaving, setIsSaving] = useState(false)
  const { pathname, search } = useLocation()
  const store = viewsOf(list)
  const views = useSyncExternalStore(store.watch, store.read)
  return (
    <>
      <Menu label={t.kit.views}>
        <MenuGroup label={views.length > 0 ? t.kit.savedViews : t.kit.noViews}>
          {views.map(({ name, query }) => (
            <MenuLink key={name} to={`${pathname}${query}`}>
              {name}
            </MenuLink>
          ))}
        </MenuGroup>
        {search !== '' && <MenuItem onClick={() => setIsSaving(true)}>{t.kit.saveView}</MenuItem>}
        {views
          .filter(({ query }) => query === search)
          .map(({ name }) => (
            <MenuItem key={name} onClick={() => store.remove(name)}>
              {t.kit.deleteView(name)}
            </MenuItem>
          ))}
      </Menu>
      <Dialog title={t.kit.saveViewTitle} isOpen={isSaving} onOpenChange={setIsSaving}>
        <Form
          submit={t.kit.save}
          busy={false}
          error={null}
          onSubmit={(read) => {
            const name = read('name').trim()
            store.save({ name, query: search })
            setIsSaving(false)
            notify(t.kit.viewSaved(name))
          }}
        >
          <Field name="name" label={t.kit.viewName} hint={t.kit.viewHint} maxLength={60} required />
        </Form>
      </Dialog>
    </>
  )
}
