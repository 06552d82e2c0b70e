//! hedui-text
