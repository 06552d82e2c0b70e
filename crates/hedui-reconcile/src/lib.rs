//! hedui-reconcile
