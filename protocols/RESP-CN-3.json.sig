0Xe+78nKZOoUxA+noIym9nenNtZyUysEQYjPYEL8ZXZYo/hm0m5//kql+enOTdZ7OrTV8vMJtNYtxYvm+8sDdw==
