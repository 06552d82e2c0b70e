//! hedui-store
