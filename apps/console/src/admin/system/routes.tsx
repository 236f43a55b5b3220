import type { RouteObject } from 'react-router'
import './system.css'
import './mails.css'

export const systemRoutes: RouteObject[] = [
  { path: 'events', lazy: async () => ({ Component: (await import('./events-page.tsx')).EventsPage }) },
  { path: 'events/:id', lazy: async () => ({ Component: (await import('./event-page.tsx')).EventPage }) },
  { path: 'jobs', lazy: async () => ({ Component: (await import('./jobs-page.tsx')).JobsPage }) },
  { path: 'mails', lazy: async () => ({ Component: (await import('./mails-page.tsx')).MailsPage }) },
  { path: 'mails/templates', lazy: async () => ({ Component: (await import('./templates-page.tsx')).TemplatesPage }) },
  { path: 'mails/:id', lazy: async () => ({ Component: (await import('./mail-page.tsx')).MailPage }) },
  { path: 'findings', lazy: async () => ({ Component: (await import('./findings-page.tsx')).FindingsPage }) },
  { path: 'audit', lazy: async () => ({ Component: (await import('./audit-page.tsx')).AuditPage }) },
  { path: 'settings', lazy: async () => ({ Component: (await import('./settings-page.tsx')).SettingsPage }) },
]
