interface ImportMetaEnv {
  /** The backend's base URL, such as `https://api.example.com`. */
  readonly VITE_API_URL?: string
}
