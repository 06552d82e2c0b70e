//! hedui-fetch
